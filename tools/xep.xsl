<?xml version='1.0' encoding='UTF-8'?>
<!-- A XEP document (XSF format) as one HTML page: enough for reading, nothing from elsewhere. -->
<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform' version='1.0'>
  <xsl:output method='html' encoding='UTF-8' indent='no' doctype-system='about:legacy-compat'/>

  <xsl:template match='/xep'>
    <html lang='en'>
      <head>
        <meta name='viewport' content='width=device-width'/>
        <title><xsl:value-of select='header/title'/></title>
        <style>
          body { max-width: 50em; margin: 2em auto; padding: 0 1em; font-family: sans-serif; }
          pre { background: #f4f4f4; border-left: 3px solid #888; padding: .6em; overflow-x: auto; }
          figcaption { font-weight: bold; margin-bottom: .3em; }
          figure { margin: 1em 0; }
          table { border-collapse: collapse; } td, th { border: 1px solid #aaa; padding: .3em; }
          dt { font-weight: bold; }
        </style>
      </head>
      <body>
        <h1><xsl:value-of select='header/title'/></h1>
        <p><xsl:value-of select='header/abstract'/></p>
        <p>
          <xsl:text>Version </xsl:text><xsl:value-of select='header/revision[1]/version'/>
          <xsl:text>, </xsl:text><xsl:value-of select='header/revision[1]/date'/>
          <xsl:text>. Needs: </xsl:text>
          <xsl:for-each select='header/dependencies/spec'>
            <xsl:if test='position() &gt; 1'>, </xsl:if><xsl:value-of select='.'/>
          </xsl:for-each>
          <xsl:text>.</xsl:text>
        </p>
        <h2>Contents</h2>
        <ol>
          <xsl:for-each select='section1'>
            <li>
              <a href='#{@anchor}'><xsl:value-of select='@topic'/></a>
              <xsl:if test='section2'>
                <ol>
                  <xsl:for-each select='section2'>
                    <li><a href='#{@anchor}'><xsl:value-of select='@topic'/></a></li>
                  </xsl:for-each>
                </ol>
              </xsl:if>
            </li>
          </xsl:for-each>
        </ol>
        <xsl:apply-templates select='section1'/>
      </body>
    </html>
  </xsl:template>

  <xsl:template match='section1'>
    <h2 id='{@anchor}'>
      <xsl:number count='section1'/><xsl:text>. </xsl:text><xsl:value-of select='@topic'/>
    </h2>
    <xsl:apply-templates/>
  </xsl:template>
  <xsl:template match='section2'>
    <h3 id='{@anchor}'>
      <xsl:number count='section1|section2' level='multiple' format='1.1'/>
      <xsl:text> </xsl:text><xsl:value-of select='@topic'/>
    </h3>
    <xsl:apply-templates/>
  </xsl:template>
  <xsl:template match='section3'>
    <h4 id='{@anchor}'><xsl:value-of select='@topic'/></h4>
    <xsl:apply-templates/>
  </xsl:template>

  <xsl:template match='example'>
    <figure>
      <figcaption>
        <xsl:text>Example </xsl:text><xsl:number level='any' count='example'/>
        <xsl:text>. </xsl:text><xsl:value-of select='@caption'/>
      </figcaption>
      <pre><xsl:value-of select='.'/></pre>
    </figure>
  </xsl:template>
  <xsl:template match='code'><pre><xsl:value-of select='.'/></pre></xsl:template>

  <xsl:template match='di'><xsl:apply-templates/></xsl:template>
  <xsl:template match='link'><a href='{@url}'><xsl:apply-templates/></a></xsl:template>
  <xsl:template match='note'> (<xsl:apply-templates/>)</xsl:template>
  <!-- What the format has in common with HTML. -->
  <xsl:template match='p|ol|ul|li|dl|dt|dd|em|strong|tt|table|tr|td|th|cite|span|br|blockquote'>
    <xsl:element name='{name()}'><xsl:apply-templates/></xsl:element>
  </xsl:template>
  <!-- Whatever else there may be is not lost unseen. -->
  <xsl:template match='*'>
    <xsl:message terminate='yes'>
      <xsl:text>no rule for the element </xsl:text><xsl:value-of select='name()'/>
    </xsl:message>
  </xsl:template>
</xsl:stylesheet>
