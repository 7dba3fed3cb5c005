"""What stands in front of a target and passes requests on: load balancers, CloudFront, API Gateway.

`listeners` and `balancers` are Elastic Load Balancing, `distributions` CloudFront, `api_integrations` what an API
calls, `hosts` what is behind a name; `fronts` asks them all for one target.
"""
