UPDATE agents
SET last_heartbeat_at = :at
WHERE provider_session_id = :session
  AND EXISTS (SELECT 1 FROM provider_sessions WHERE id = :session AND epoch <= :epoch)
