-- A turn that failed before any text of its last answer came is no part of the conversation.
SELECT turn, SUM(length(content) + length(tool_calls)) AS characters
FROM messages AS m
WHERE thread_id = :thread
  AND turn < :beforeTurn
  AND NOT EXISTS (
      SELECT 1 FROM messages AS failed
      WHERE failed.thread_id = m.thread_id AND failed.turn = m.turn
        AND failed.status = 'error' AND failed.content = '')
GROUP BY turn
ORDER BY turn DESC
LIMIT :count
