-- SQLite: the transaction was begun as IMMEDIATE and holds the database's one write lock.
SELECT 1
