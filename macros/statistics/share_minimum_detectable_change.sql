{#
    The smallest change of a share, in points, that two groups of answers would show as
    significant in four cases of five (80 % power). The shares behind it are adjusted by
    one answer in the part and one beside it (Agresti and Caffo 2000), so that four
    satisfied of four promise nothing. Null when nobody answered one of the times.

        {{ share_minimum_detectable_change('satisfied', 'n', 'before', 'n_before') }}
#}
{% macro share_minimum_detectable_change(count, n, earlier_count, earlier_n) -%}
    case
        when {{ n }} > 0 and {{ earlier_n }} > 0
            then {{ double_literal(100 * (confidence_z() + normal_quantile(0.8))) }} * sqrt(
                {{ _share_variance(count, n) }}
                + {{ _share_variance(earlier_count, earlier_n) }}
            )
    end
{%- endmacro %}
