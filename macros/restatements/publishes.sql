{#
    Whether this run publishes scores: `dbt build` does, which comes to the
    restatements only once the tests of all that stands before them have passed.

        where {{ publishes() }}
#}
{% macro publishes() -%}
    {{ return('true' if flags.WHICH == 'build' else 'false') }}
{%- endmacro %}
