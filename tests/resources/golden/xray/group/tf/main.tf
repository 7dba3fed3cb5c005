resource "aws_xray_group" "subject" {
  group_name        = "shop"
  filter_expression = "service(\"shop\")"

  insights_configuration {
    insights_enabled = true
  }
}
