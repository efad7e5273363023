{#
    What Snowflake, BigQuery, Redshift and Trino share and the other engines need not: they
    are rendered only (docs/servers.md). A reader who only knows DuckDB need not read on.
#}

{# A UTC timestamp as a clock in a time zone shows it. #}
{% macro _utc_to_local(instant, time_zone) -%}
    {{ return(adapter.dispatch('_utc_to_local', 'cx_warehouse')(instant, time_zone)) }}
{%- endmacro %}

{% macro default___utc_to_local(instant, time_zone) -%}
    {{ instant }} at time zone 'UTC' at time zone {{ time_zone }}
{%- endmacro %}

{% macro default__local_date(instant, time_zone) -%}
    cast({{ _utc_to_local(instant, string_literal(time_zone)) }} as date)
{%- endmacro %}

{#
    What a warehouse makes of a local time that occurs twice or never is not written down
    anywhere; how an instant reads on a clock is. The offset of the day after gives the
    later one of two instants, and the right one unless the clock changes before: then it
    does not read back, and the offset of the day before is right, in a gap too.
#}
{% macro default__local_to_utc(local_timestamp, time_zone) -%}
    {%- set candidates = {} -%}
    {%- for days in [-1, 1] -%}
        {%- set other_day = dbt.dateadd('day', days, local_timestamp) -%}
        {%- do candidates.update({days: dbt.dateadd(
            'second',
            _seconds_between(_utc_to_local(other_day, time_zone), other_day),
            local_timestamp
        )}) -%}
    {%- endfor -%}
    case
        when {{ time_zone }} = 'UTC' then {{ local_timestamp }}
        when {{ _utc_to_local(candidates[1], time_zone) }} = {{ local_timestamp }}
            then {{ candidates[1] }}
        else {{ candidates[-1] }}
    end
{%- endmacro %}

{# How many seconds a timestamp lies after an earlier one; both have the same fraction. #}
{% macro _seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('_seconds_between', 'cx_warehouse')(earlier, later)) }}
{%- endmacro %}

{% macro default___seconds_between(earlier, later) -%}
    {{ dbt.datediff(earlier, later, 'second') }}
{%- endmacro %}

{# Other than the two letters, lower case is Unicode's. #}
{% macro default__folded(text) -%}
    lower(translate({{ trimmed(text) }}, 'İΣ', 'iσ'))
{%- endmacro %}

{# Where concat, too, makes a null of a null. #}
{% macro _key_text_of_pieces(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(
            'coalesce(' ~ as_text('length(' ~ column ~ ')') ~ " || ':' || " ~ column ~ ", ':')"
        ) -%}
    {%- endfor -%}
    {{ parts | join(' || ') }}
{%- endmacro %}

{# Where a subquery behind `in` has one column. What a rule names is never null. #}
{% macro _is_among_by_text(columns, relation, condition) -%}
    {%- set named = [] -%}
    {%- for column in columns -%} {%- do named.append(relation ~ '.' ~ column) -%} {%- endfor -%}
    {{ _key_text_of_pieces(columns) }} in (
        select {{ _key_text_of_pieces(named) }}
        from {{ relation }}
        where {{ condition }}
    )
{%- endmacro %}

{# Where trim is a function of two arguments and has two sisters. #}
{% macro _without_ends_by_function(text, characters, ends) -%}
    {{ {'both': 'trim', 'leading': 'ltrim', 'trailing': 'rtrim'}[ends] }}(
        {{ text }}, {{ characters }}
    )
{%- endmacro %}

{# Where a query that reads nothing has no condition. #}
{% macro _where_nothing_of_a_row() -%}
    from (select 1 as one) as one_row where false
{%- endmacro %}

{#
    Without a function for it: the least factor up to a hundred that makes the left number
    a multiple of the right one. A scale of more than 101 points may need a larger one; its
    common multiple is then not the least, which no score shows.
#}
{% macro default__least_common_multiple(left_number, right_number) -%}
    {%- set left = 'cast(' ~ left_number ~ ' as ' ~ type_decimal(38) ~ ')' -%}
    {%- set right = 'cast(' ~ right_number ~ ' as ' ~ type_decimal(38) ~ ')' -%}
    cast(
        {{ left }} * case
            {%- for factor in range(1, 101) %}
            when mod({{ left }} * {{ factor }}, {{ right }}) = 0 then {{ factor }}
            {%- endfor %}
            else {{ right }}
        end as {{ type_decimal(38) }}
    )
{%- endmacro %}

{# There is no function that fails with a message; a cast that cannot be does it. #}
{% macro default__raise_error(message) -%}
    {{ as_text('cast(' ~ message ~ ' as integer)') }}
{%- endmacro %}

{# No loader brings the list of the erased there, and nothing may pass for erased. #}
{% macro default__respondent_hash() -%}
    {%- if erased_respondents() -%}
        {%- do exceptions.raise_compiler_error(
            'Nobody can be erased on ' ~ target.type ~ ': see docs/servers.md.'
        ) -%}
    {%- endif -%}
    {{ as_text('null') }}
{%- endmacro %}
