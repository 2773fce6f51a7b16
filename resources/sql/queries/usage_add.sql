INSERT INTO usage_days (day, owner, api_key_id, llm, key_name, succeeded, rejected, failed, refused, truncated, cancelled,
                        input_tokens, output_tokens)
VALUES (:day, :owner, :key, :llm, :keyName, :succeeded, :rejected, :failed, :refused, :truncated, :cancelled,
        :inputTokens, :outputTokens)
ON CONFLICT (day, owner, api_key_id, llm) DO UPDATE
SET key_name = excluded.key_name,
    succeeded = usage_days.succeeded + excluded.succeeded,
    rejected = usage_days.rejected + excluded.rejected,
    failed = usage_days.failed + excluded.failed,
    refused = usage_days.refused + excluded.refused,
    truncated = usage_days.truncated + excluded.truncated,
    cancelled = usage_days.cancelled + excluded.cancelled,
    input_tokens = usage_days.input_tokens + excluded.input_tokens,
    output_tokens = usage_days.output_tokens + excluded.output_tokens
