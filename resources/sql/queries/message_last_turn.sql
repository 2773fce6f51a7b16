SELECT * FROM messages
WHERE thread_id = :thread AND turn = (SELECT MAX(turn) FROM messages WHERE thread_id = :thread)
ORDER BY position
