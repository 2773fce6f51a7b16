SELECT * FROM messages AS m
WHERE thread_id = :thread
  AND turn >= :fromTurn
  AND turn < :beforeTurn
  AND NOT EXISTS (
      SELECT 1 FROM messages AS failed
      WHERE failed.thread_id = m.thread_id AND failed.turn = m.turn
        AND failed.status = 'error' AND failed.content = '')
ORDER BY turn, position
