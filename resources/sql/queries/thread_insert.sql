INSERT INTO threads (id, owner, agent_id, agent_name, agent_owner, title, created_at, updated_at)
VALUES (:id, :owner, :agentId, :agentName, :agentOwner, :title, :createdAt, :updatedAt)
