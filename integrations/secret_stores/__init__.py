"""Stores outside that keep settings: AWS SSM Parameter Store and HashiCorp Vault."""

from core.settings import SecretsSettings
from core.settings.sources import SecretStore


def open_stores(where: SecretsSettings) -> list[SecretStore]:
    """The stores that are named, Vault over SSM. Their libraries take memory and time, which only their users spend."""
    stores: list[SecretStore] = []
    if where.ssm_path is not None:
        from integrations.secret_stores.ssm import SsmStore

        stores.append(SsmStore(where.ssm_path, patience_s=where.patience_s))
    if where.vault_url is not None:
        from integrations.secret_stores.vault import VaultStore

        stores.append(VaultStore(where))
    return stores
