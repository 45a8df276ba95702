"""The project file: SQLite and nothing else. Knows no model, no rule and no screen.

The only package with SQL in it. Functions take a connection first and are called through
`Project.write`, `Project.read` or `Project.fetch`.
"""
