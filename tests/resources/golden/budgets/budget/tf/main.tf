resource "aws_budgets_budget" "monthly" {
  name         = "shop-monthly"
  budget_type  = "COST"
  limit_amount = "50"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "Service"
    values = ["Amazon Relational Database Service", "AWS Lambda"]
  }

  cost_types {
    include_credit = false
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "ACTUAL"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = ["owner@shop.example"]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    notification_type         = "FORECASTED"
    threshold                 = 50
    threshold_type            = "ABSOLUTE_VALUE"
    subscriber_sns_topic_arns = ["arn:aws:sns:us-east-1:111122223333:billing"]
  }
}
