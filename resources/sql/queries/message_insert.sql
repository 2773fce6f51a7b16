INSERT INTO messages (
    thread_id, turn, position, role, content, tool_calls, tool_call_id, status, error_code, error_message,
    finish_reason, token_usage, created_at, finished_at)
VALUES (
    :thread, :turn, :position, :role, :content, :toolCalls, :toolCallId, :status, :errorCode, :errorMessage,
    :finishReason, :usage, :createdAt, :finishedAt)
