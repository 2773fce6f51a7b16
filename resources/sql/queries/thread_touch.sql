UPDATE threads SET agent_id = :agentId, updated_at = :updatedAt WHERE id = :id
