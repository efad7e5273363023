{#
    The part of a pooled score's change, in points, that is due to one member's own score:
    its share of the answers, taken in the middle of both periods, times how far its score
    moved. 0 for a member that answered in one of the periods only: what is not known in
    both cannot have moved.

        {{ rate_effect('share_pct_previous', 'share_pct', 'nps_previous', 'nps') }}
#}
{% macro rate_effect(share_pct_previous, share_pct, score_previous, score) -%}
    ({{ share_pct_previous }} + {{ share_pct }}) / 200
    * coalesce({{ score }} - {{ score_previous }}, 0)
{%- endmacro %}
