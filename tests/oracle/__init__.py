"""An independent reference of the warehouse: the contract in plain Python."""
