{{ ledger({'counted_by': 'varchar', 'respondent_key': 'decimal(10, 0)'}) }}
