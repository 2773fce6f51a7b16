SELECT * FROM messages
WHERE thread_id = :thread AND (turn < :beforeTurn OR (turn = :beforeTurn AND position < :beforePosition))
ORDER BY turn DESC, position DESC
LIMIT :count
