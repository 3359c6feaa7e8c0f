"""What every test can ask for; see the modules of tests/fixtures."""

pytest_plugins = [
    "tests.fixtures.memory",
    "tests.fixtures.databases",
    "tests.fixtures.queries",
    "tests.fixtures.world",
    "tests.fixtures.app",
    "tests.fixtures.letters",
    "tests.fixtures.live",
    "tests.fixtures.releases",
]
