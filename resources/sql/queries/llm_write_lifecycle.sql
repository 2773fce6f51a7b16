-- An empty session is the server itself, whose word is always the latest.
UPDATE llms
SET status = :status,
    status_reason = :statusReason,
    last_heartbeat_at = :lastHeartbeatAt,
    inactive_since = :inactiveSince
WHERE id = :id
  AND (:session = '' OR EXISTS (
      SELECT 1 FROM provider_sessions AS s
      WHERE s.id = llms.provider_session_id AND s.id = :session AND s.epoch <= :epoch))
