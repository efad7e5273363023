{#
    Says in one line of the run's output which files it found and how many of their rows
    it read and withdrew. `store` is the relation with the rows before the run (none when
    it is rebuilt), `judged` the one with those that were judged in it.
#}
{% macro tell_feed_changes(store, judged) -%}
    {%- set plan = feed_plan() -%}
    {%- set counts = {'read': 0, 'withdrawn': 0} -%}
    {%- for name, relation, files in [
        ('read', judged, plan.new + plan.changed), ('withdrawn', store, withdrawn_files())
    ] if relation and files -%}
        {%- set rows = run_query(
            'select count(*) from ' ~ relation ~ ' where ' ~ is_from_file(files)
        ).columns[0][0] -%}
        {%- do counts.update({name: rows}) -%}
    {%- endfor -%}
    {%- do print(
        'Feed: %d new, %d changed, %d removed files; ' % (
            plan.new | length, plan.changed | length, plan.removed | length
        ) ~ '{:,} rows read, {:,} withdrawn.'.format(counts.read, counts.withdrawn)
    ) -%}
{%- endmacro %}
