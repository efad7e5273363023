-- Cases of rate_effect and mix_effect: of two members, shares 40 and 60 with scores of
-- 50 and 80 (together 68), then 60 and 40 with 50 and 90 (together 66), and others.
with

cases (
    case_name,
    share_pct_previous,
    share_pct,
    score_previous,
    score,
    pooled_score_previous,
    pooled_score,
    rate_effect,
    mix_effect
) as (

    values
    ('a larger share of a low score', 40, 60, 50, 50, 68, 66, 0, -3.4),
    ('a smaller share of a high one', 60, 40, 80, 90, 68, 66, 5, -3.6),
    ('all answers', 100, 100, 30, 10, 30, 10, -20, 0),
    ('nothing moved', 25, 25, 80, 80, 60, 60, 0, 0),
    ('comes at the pooled score', 0, 50, null, 60, 60, 60, 0, 0),
    ('comes below it', 0, 50, null, 20, 60, 40, 0, -15),
    ('leaves from below it', 50, 0, 20, null, 40, 60, 0, 15),
    ('a negative score', 50, 50, -100, 100, -100, 0, 100, 0),
    ('never there', 0, 0, null, null, 60, 60, 0, null)

),

judged as (

    select
        case_name,
        rate_effect,
        mix_effect,
        {{ rate_effect('share_pct_previous', 'share_pct', 'score_previous', 'score') }}
            as actual_rate_effect,
        {{ mix_effect(
            'share_pct_previous',
            'share_pct',
            'score_previous',
            'score',
            'pooled_score_previous',
            'pooled_score'
        ) }} as actual_mix_effect

    from (
        select
            case_name,
            cast(share_pct_previous as {{ type_double() }}) as share_pct_previous,
            cast(share_pct as {{ type_double() }}) as share_pct,
            cast(score_previous as {{ type_double() }}) as score_previous,
            cast(score as {{ type_double() }}) as score,
            cast(pooled_score_previous as {{ type_double() }}) as pooled_score_previous,
            cast(pooled_score as {{ type_double() }}) as pooled_score,
            cast(rate_effect as {{ type_double() }}) as rate_effect,
            cast(mix_effect as {{ type_double() }}) as mix_effect

        from cases
    ) as typed

)

select * from judged
where
    (abs(actual_rate_effect - rate_effect) <= 0.000000001) is not true
    or (actual_mix_effect is null) <> (mix_effect is null)
    or abs(actual_mix_effect - mix_effect) > 0.000000001
