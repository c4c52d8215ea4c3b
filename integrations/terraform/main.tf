# What mailcow-proxy generates, as a module for Terraform and OpenTofu. It writes nothing by itself.

terraform {
  required_providers {
    external = {
      source  = "hashicorp/external"
      version = "~> 2.0"
    }
  }
}

variable "description" {
  description = "The description of a mailcow host, as YAML or JSON."
  type        = string
}

variable "targets" {
  description = "What to generate in place of the description's targets."
  type        = list(string)
  default     = []
}

data "external" "mailcow_proxy" {
  program = ["sh", "${path.module}/mailcow-proxy.sh"]

  query = {
    description = var.description
    targets     = join(",", var.targets)
  }
}

output "files" {
  description = "The files by their paths, with the keys that schemas/files.schema.json describes."
  value       = { for file in jsondecode(data.external.mailcow_proxy.result.files) : file.path => file }
}
