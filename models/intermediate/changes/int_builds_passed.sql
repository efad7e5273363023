{{ ledger({'relation_name': 'varchar', 'invocation_id': 'varchar'}) }}
