"""Real addresses for what the settings left open: PostgreSQL and Redis embedded under the data folder."""

from __future__ import annotations

from dataclasses import replace

from consult import embedded
from consult.config import Config


def with_services(config: Config) -> Config:
    """The same settings with both URLs; embedded services are held until this process ends.

    Raises embedded.ServicesUnavailable with what is wrong and the mend.
    """
    if config.database_url and config.redis_url:
        return config
    found = embedded.ensure(
        config.data_dir, postgres=config.database_url is None, redis=config.redis_url is None
    )
    return replace(
        config,
        database_url=config.database_url or found.database_url,
        redis_url=config.redis_url or found.redis_url,
    )
