UPDATE provider_sessions
SET owner = :owner,
    publisher = :publisher,
    publisher_version = :publisherVersion,
    epoch = :epoch,
    last_heartbeat_at = :lastHeartbeatAt
WHERE id = :id AND epoch <= :epoch
