INSERT INTO api_keys (id, name, owner, hash, prefix, scopes, models, created_at, expires_at, revoked_at)
VALUES (:id, :name, :owner, :hash, :prefix, :scopes, :models, :createdAt, :expiresAt, :revokedAt)
