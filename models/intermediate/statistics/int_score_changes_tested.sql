with

comparisons as (

    select * from {{ ref('int_score_comparisons') }}

),

-- Benjamini and Hochberg 1995: of m p-values in order, those up to the last one that is
-- at most its rank / m of the level are told from chance.
ranked as (

    select
        *,
        rank() over (
            partition by metric, score_scope, period_id, baseline
            order by change_p_value desc
        ) as rank_from_above,
        count(*) over (
            partition by metric, score_scope, period_id, baseline
        ) as test_count

    from comparisons

),

thresholds as (

    select
        *,
        max(
            case
                when
                    change_p_value * test_count <= (
                        test_count - rank_from_above + 1
                    ) * {{ double_literal(significance_level()) }}
                    then change_p_value
            end
        ) over (partition by metric, score_scope, period_id, baseline)
            as largest_significant_p_value

    from ranked

),

tested as (

    select
        *,
        coalesce(change_p_value <= largest_significant_p_value, false) as is_significant

    from thresholds

),

-- One row per score, the two baselines side by side.
pivoted as (

    select
        metric,
        score_scope,
        scope_id,
        period_id,
        {%- for baseline, prefix, score in [
            ('previous', '', 'previous_score'), ('year_before', 'year_', 'year_before_score')
        ] %}
        {%- for source, target in {
            'earlier_score': score,
            'change': prefix ~ 'change',
            'change_z': prefix ~ 'change_z',
            'change_p_value': prefix ~ 'change_p_value',
            'minimum_detectable_change': prefix ~ 'minimum_detectable_change',
        }.items() %}
        max(case when baseline = '{{ baseline }}' then {{ source }} end)
            as {{ target }},
        {%- endfor %}
        max(
            case
                when baseline <> '{{ baseline }}' then null
                when is_significant then 1
                else 0
            end
        ) = 1 as is_significant_{{ prefix }}change{{ ',' if not loop.last }}
        {%- endfor %}

    from tested

    group by metric, score_scope, scope_id, period_id

)

select * from pivoted
