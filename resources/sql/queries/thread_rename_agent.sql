UPDATE threads SET agent_name = :agentName WHERE agent_id = :agentId AND agent_name <> :agentName
