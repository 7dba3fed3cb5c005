resource "aws_codepipeline" "subject" {
  name           = "shop"
  role_arn       = "arn:aws:iam::111122223333:role/shop-pipeline"
  pipeline_type  = "V2"
  execution_mode = "QUEUED"

  artifact_store {
    type     = "S3"
    location = "shop-artifacts"
  }

  stage {
    name = "Source"
    action {
      name             = "Checkout"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeStarSourceConnection"
      version          = "1"
      output_artifacts = ["code"]
      run_order        = 1
      configuration = {
        BranchName       = "main"
        ConnectionArn    = "arn:aws:codeconnections:ap-northeast-2:111122223333:connection/1a2b3c4d"
        FullRepositoryId = "shop/app"
      }
    }
  }

  stage {
    name = "Build"
    action {
      name             = "Image"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      input_artifacts  = ["code"]
      output_artifacts = ["image"]
      namespace        = "built"
      run_order        = 1
      configuration = {
        ProjectName = "shop-image"
      }
    }
  }

  stage {
    name = "Deploy"
    action {
      name            = "Service"
      category        = "Deploy"
      owner           = "AWS"
      provider        = "ECS"
      version         = "1"
      input_artifacts = ["image"]
      run_order       = 2
      region          = "ap-northeast-2"
      configuration = {
        ClusterName = "shop"
        ServiceName = "app"
        FileName    = "images.json"
      }
    }
  }
}
