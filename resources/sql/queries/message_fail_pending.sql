-- An empty thread stands for all of them.
UPDATE messages
SET status = 'error',
    error_code = :errorCode,
    error_message = :errorMessage,
    finished_at = :finishedAt
WHERE status = 'pending' AND (:thread = '' OR thread_id = :thread)
