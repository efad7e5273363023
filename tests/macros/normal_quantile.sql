-- Cases of normal_quantile: tabulated points of the standard normal distribution.
with

cases (p, expected, actual) as (

    values
    (0.5, 0.0, {{ normal_quantile(0.5) }}),
    (0.75, 0.6744897501960817, {{ normal_quantile(0.75) }}),
    (0.8, 0.8416212335729144, {{ normal_quantile(0.8) }}),
    (0.9, 1.2815515655446008, {{ normal_quantile(0.9) }}),
    (0.95, 1.6448536269514715, {{ normal_quantile(0.95) }}),
    (0.975, 1.9599639845400536, {{ normal_quantile(0.975) }}),
    (0.99, 2.3263478740408408, {{ normal_quantile(0.99) }}),
    (0.995, 2.5758293035489, {{ normal_quantile(0.995) }}),
    (0.9995, 3.2905267314919255, {{ normal_quantile(0.9995) }}),
    (0.99995, 3.89059188641312, {{ normal_quantile(0.99995) }}),
    (1e-05, -4.2648907939228256, {{ normal_quantile(1e-05) }}),
    (0.025, -1.9599639845400538, {{ normal_quantile(0.025) }}),
    (0.2, -0.8416212335729142, {{ normal_quantile(0.2) }}),
    (0.5000001, 2.506628273311649e-07, {{ normal_quantile(0.5000001) }}),
    (0.001, 0.0012533144654324167, {{ normal_quantile((1 + 0.001) / 2) }}),
    (0.68, 0.9944578832097535, {{ normal_quantile((1 + 0.68) / 2) }}),
    (0.95, 1.9599639845400536, {{ normal_quantile((1 + 0.95) / 2) }}),
    (0.999999, 4.891638475671084, {{ normal_quantile((1 + 0.999999) / 2) }})

),

typed as (

    select
        p,
        cast(expected as {{ type_double() }}) as expected,
        cast(actual as {{ type_double() }}) as actual

    from cases

)

select * from typed
where (abs(actual - expected) <= 0.000000001) is not true
