INSERT INTO llms (
    id, name, kind, status, status_reason, owner, provider_session_id, type, model, pool, stream_usage, url,
    sealed_api_key, tier, description, extra_config, max_concurrency, wake_kind, wake_recipe_timeout_seconds, wake_max_wait_seconds,
    created_at, updated_at, last_heartbeat_at, inactive_since, version)
VALUES (
    :id, :name, :kind, :status, :statusReason, :owner, :session, :type, :model, :pool, :streamUsage, :url,
    :sealedApiKey, :tier, :description, :extraConfig, :maxConcurrency, :wakeKind, :wakeRecipeTimeout, :wakeMaxWait,
    :createdAt, :updatedAt, :lastHeartbeatAt, :inactiveSince, :version)
