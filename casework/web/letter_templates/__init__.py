"""`/letters`: the Word documents that letters are made from."""
