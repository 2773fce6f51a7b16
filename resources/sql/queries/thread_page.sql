SELECT * FROM threads
WHERE owner = :owner
  AND agent_name = :agentName
  AND (:agentOwner = '' OR agent_owner = :agentOwner)
  AND (updated_at < :beforeTime OR (updated_at = :beforeTime AND id < :beforeId))
ORDER BY updated_at DESC, id DESC
LIMIT :count
