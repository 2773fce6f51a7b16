UPDATE provider_sessions SET last_heartbeat_at = :at WHERE id = :session AND epoch <= :epoch
