{#
    Whether a row came from one of the files of a list; false for an empty list.

        where {{ is_from_file(withdrawn_files()) }}
#}
{% macro is_from_file(files) -%}
    {%- set literals = [] -%}
    {%- for file in files -%} {%- do literals.append(string_literal(file)) -%} {%- endfor -%}
    {{ return('feed_file in (' ~ literals | join(', ') ~ ')' if literals else 'false') }}
{%- endmacro %}
