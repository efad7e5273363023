{{ ledger({'counted_by': 'varchar', 'respondent_key': 'ubigint'}) }}
