UPDATE messages
SET content = :content,
    tool_calls = :toolCalls,
    status = :status,
    error_code = :errorCode,
    error_message = :errorMessage,
    finish_reason = :finishReason,
    token_usage = :usage,
    finished_at = :finishedAt
WHERE thread_id = :thread AND turn = :turn AND position = :position AND status = 'pending'
