import { type TourStop, variablesFrom } from './stop.ts';

/** An upload, and runs that use the API's own tools. */
export const fileTour: readonly TourStop[] = [
  {
    gives: ['fileId'],
    variables: JSON.stringify({ file: '{{upload}}' }, null, 2),
    query: `# 12. Upload a file.
#
# When you execute this, choose a text file, such as
# a README: "{{upload}}" stands for it. Other clients
# send a multipart request. Its content can be
# downloaded from "contentUrl".

mutation UploadFile($file: Upload!) {
  createFile(
    input: { file: $file, purpose: ASSISTANTS }
  ) {
    file {
      fileId
      filename
      bytes
      contentUrl
    }
  }
}
`,
  },
  {
    gives: [],
    variables: variablesFrom('assistantId', 'fileId'),
    query: `# 13. Index the file and ask about it.
#
# An attachment for file search is added to a vector
# store of the thread. The run waits until it is
# indexed, searches it, and cites what it found.
# The offline model searches if there is a question
# mark: ask with words of your file. "waitSeconds"
# makes the mutation wait for the run.

mutation AskFile($assistantId: ID!, $fileId: ID!) {
  createThreadAndRun(
    input: {
      assistantId: $assistantId
      waitSeconds: 30
      tools: [{ fileSearch: {} }]
      thread: {
        messages: [
          {
            role: USER
            content: [{ text: "What is in the file?" }]
            attachments: [
              {
                fileId: $fileId
                tools: [{ fileSearch: true }]
              }
            ]
          }
        ]
      }
    }
  ) {
    run {
      status
      messages {
        nodes {
          text
          content {
            ... on MessageContentText {
              text {
                annotations {
                  text
                  ... on FileCitationAnnotation {
                    fileCitation {
                      file {
                        filename
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    gives: [],
    variables: variablesFrom('assistantId'),
    query: `# 14. Run code and see the picture.
#
# This needs the setting CODE_INTERPRETER. Without
# it, the reply quotes the code. The offline model
# runs Python code between three backticks; other
# models write it. Open "contentUrl" in the browser
# to save the picture.
#
# This is the end of the tour. The book icon at the
# top left opens the documentation. To restore these
# tabs, click the gear icon at the bottom left, then
# "Clear data", and reload the page.

mutation RunCode($assistantId: ID!) {
  createThreadAndRun(
    input: {
      assistantId: $assistantId
      waitSeconds: 60
      tools: [{ codeInterpreter: true }]
      thread: {
        messages: [
          {
            role: USER
            content: [
              {
                text: """
                Draw:
                \`\`\`python
                import matplotlib.pyplot as plt
                plt.plot([1, 4, 9])
                \`\`\`
                """
              }
            ]
          }
        ]
      }
    }
  ) {
    run {
      status
      steps {
        nodes {
          stepDetails {
            ... on RunStepDetailsToolCalls {
              toolCalls {
                ... on CodeInterpreterToolCall {
                  codeInterpreter {
                    outputs {
                      type
                      ... on CodeInterpreterLogsOutput {
                        logs
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
      messages {
        nodes {
          text
          content {
            ... on MessageContentImageFile {
              imageFile {
                file {
                  filename
                  bytes
                  contentUrl
                }
              }
            }
          }
        }
      }
    }
  }
}
`,
  },
];
