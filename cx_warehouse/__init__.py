"""Command-line companions of the cx_warehouse dbt project."""
