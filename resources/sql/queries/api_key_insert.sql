INSERT INTO api_keys (
    id, name, owner, hash, prefix, scopes, models, priority, max_concurrent, requests_per_minute, tokens_per_minute,
    created_at, expires_at, revoked_at)
VALUES (
    :id, :name, :owner, :hash, :prefix, :scopes, :models, :priority, :maxConcurrent, :requestsPerMinute,
    :tokensPerMinute, :createdAt, :expiresAt, :revokedAt)
