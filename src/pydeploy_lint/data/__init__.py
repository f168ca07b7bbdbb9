"""What ages: facts about Heroku, Python and packages, each with its date and source.

The same files are the distribution ``pydeploy-lint-data``, which can be newer than this package.
"""
