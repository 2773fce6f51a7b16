INSERT INTO provider_sessions (id, owner, publisher, publisher_version, epoch, created_at, last_heartbeat_at)
VALUES (:id, :owner, :publisher, :publisherVersion, :epoch, :createdAt, :lastHeartbeatAt)
