"""A stand-in for Slack's servers: for tests, and for trying the product by hand.

`server.py` listens, `web_api.py` answers the app's calls (`methods/`), `delivery.py` and
`socket_mode.py` bring commands, clicks and events to the app, and `driver.py` plays the people.
What it imitates, and how well each point is known, stands in FIDELITY.md.
"""
