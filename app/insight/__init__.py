"""What the data is like: counted block by block, put together, and told as sheets of tables and pictures."""
