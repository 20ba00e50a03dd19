"""The team: who holds how much, and cases handed from one officer to another."""
