"""Words to begin with: what in a sales note may hint at an agreement between competitors.

Competition law in most countries forbids competitors to agree on prices, to share out markets or
customers, to rig bids and to boycott. The phrases are our own choice of how people write of that;
they warn and never block, for a note may well report what others do.
"""

STARTER_WORDS = (
    "agree on prices",
    "agreed prices",
    "agreed with our competitor",
    "align our prices",
    "bid rigging",
    "boycott",
    "cartel",
    "collusion",
    "cover bid",
    "divide the market",
    "fix prices",
    "gentlemen's agreement",
    "market sharing",
    "no-poach",
    "price fixing",
    "share customers",
    "share the market",
    "split the customers",
    "split the market",
    "stay out of each other's territory",
    "they told us their future prices",
    "we both raise prices",
)
