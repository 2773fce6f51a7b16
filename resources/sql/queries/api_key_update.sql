UPDATE api_keys
SET name = :name,
    owner = :owner,
    hash = :hash,
    prefix = :prefix,
    scopes = :scopes,
    models = :models,
    priority = :priority,
    max_concurrent = :maxConcurrent,
    requests_per_minute = :requestsPerMinute,
    tokens_per_minute = :tokensPerMinute,
    expires_at = :expiresAt,
    revoked_at = :revokedAt
WHERE id = :id
