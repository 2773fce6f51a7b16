UPDATE api_keys
SET name = :name,
    owner = :owner,
    hash = :hash,
    prefix = :prefix,
    scopes = :scopes,
    models = :models,
    expires_at = :expiresAt,
    revoked_at = :revokedAt
WHERE id = :id
